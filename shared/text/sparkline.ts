const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** Numbers as a line of blocks, from none to the largest: `▁▁▂▁█`. Only what is nothing at all is as low as nothing. */
export function sparkline(values: readonly number[]): string {
  const largest = Math.max(0, ...values);
  const steps = blocks.length - 1;
  return values
    .map((value) => (value <= 0 ? blocks[0] : blocks[Math.max(1, Math.round((value / largest) * steps))]))
    .join('');
}
