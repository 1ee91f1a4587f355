/** `$12.30`; of less than a dollar four digits, which is what lines cost a day. */
export function moneyText(dollars: number): string {
  return dollars > 0 && dollars < 0.0001 ? '<$0.0001' : `$${dollars.toFixed(dollars < 1 ? 4 : 2)}`;
}
