/** Keys with commas between, as `PUT_BACK_KEYS` has them: the first signs, all of them are believed. */
export function keysIn(text = ''): string[] {
  return text.split(',').filter((key) => key !== '');
}
