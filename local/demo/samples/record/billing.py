"""The billing worker: Python's logging with the usual one-line format. `python3 billing.py SECONDS`."""
import logging
import random
import sys
import time

logging.basicConfig(stream=sys.stdout, level=logging.DEBUG, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
log = logging.getLogger("billing")
gateway = logging.getLogger("billing.gateway")
ledger = logging.getLogger("billing.ledger")

REASONS = ["insufficient_funds", "card_expired", "do_not_honor", "suspected_fraud"]
RATES = {"EUR": 1.0, "GBP": 1.17, "SEK": 0.09}


class GatewayError(Exception):
    pass


def send_charge(order, amount):
    try:
        raise TimeoutError("no answer from pay.example.com within 5.0 s")
    except TimeoutError as err:
        raise GatewayError(f"charge for order {order} is in doubt") from err


def book(order, amount, currency):
    return round(amount * RATES[currency], 2)


def settle(batch):
    return sum(batch) / len(batch)


def charge(n, order):
    amount = round(5 + random.random() * 90, 2)
    if n % 9 == 4:
        gateway.error("payment declined order=%d amount=%.2f reason=%s", order, amount, random.choice(REASONS))
        return
    if n % 31 == 12:
        try:
            send_charge(order, amount)
        except GatewayError:
            gateway.exception("charge failed order=%d", order)
        return
    if n % 11 == 6:
        gateway.warning("retrying charge order=%d attempt=%d", order, 2 + n % 2)
    log.info("charged order=%d amount=%.2f currency=EUR", order, amount)
    if n % 37 == 20:
        try:
            book(order, amount, "CHF")
        except KeyError:
            ledger.exception("booking failed order=%d", order)
    elif n % 6 == 0:
        ledger.debug("booked order=%d net=%.2f", order, book(order, amount, "EUR"))


def main(seconds, charges=120):
    random.seed(7)
    log.info("billing worker started, queue=charges")
    for n in range(charges):
        time.sleep(seconds / charges * (0.5 + random.random()))
        charge(n, 52000 + n)
        if n == charges // 2:
            try:
                settle([])
            except ZeroDivisionError:
                ledger.critical("settlement run aborted, batch is empty", exc_info=True)
    log.info("billing worker stopped, charges=%d", charges)


main(float(sys.argv[1]))
