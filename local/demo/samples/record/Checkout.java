package com.shop;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The checkout worker: java.util.logging, one line a record. Takes the number of seconds to run. */
public class Checkout {
  private static final Logger LOG = Logger.getLogger(Checkout.class.getName());
  private static final Map<String, Object> VOUCHERS = Map.of("WELCOME", 10, "SPRING", "15%");

  static class CheckoutException extends RuntimeException {
    CheckoutException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  static int discount(String code) {
    return (Integer) VOUCHERS.get(code);
  }

  static void pay(int order, String voucher) {
    try {
      discount(voucher);
    } catch (ClassCastException | NullPointerException e) {
      throw new CheckoutException("order " + order + ": voucher " + voucher + " is unusable", e);
    }
  }

  static void reserve(List<String> items) {
    items.get(2);
  }

  static void checkout(int n, int order) {
    try {
      if (n % 24 == 9) pay(order, n % 48 == 9 ? "SPRING" : "WINTER");
      if (n % 45 == 20) reserve(new ArrayList<>(List.of("mug-blue", "honey-250g")));
      if (n % 8 == 3) LOG.warning("stock low sku=" + (100 + n) + " left=" + n % 4);
      LOG.info("checkout ok order=" + order + " items=" + (1 + n % 5) + " total=" + (9 + n % 60) + ".90");
      if (n % 15 == 14) LOG.config("tax table reloaded country=FR rates=" + (3 + n % 3));
    } catch (CheckoutException e) {
      LOG.log(Level.SEVERE, "checkout failed order=" + order, e);
    } catch (IndexOutOfBoundsException e) {
      LOG.log(Level.SEVERE, "reservation failed order=" + order, e);
    }
  }

  public static void main(String[] args) throws InterruptedException {
    double seconds = Double.parseDouble(args[0]);
    int orders = 125;
    Random random = new Random(7);
    LOG.getParent().getHandlers()[0].setLevel(Level.ALL);
    LOG.setLevel(Level.ALL);
    LOG.info("checkout worker started");
    for (int n = 0; n < orders; n++) {
      Thread.sleep((long) (seconds * 1000 / orders * (0.5 + random.nextDouble())));
      checkout(n, 52000 + n);
    }
    LOG.info("checkout worker stopped orders=" + orders);
  }
}
