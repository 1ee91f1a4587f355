import { describe, expect, it } from '@jest/globals';
import { linesStoodFor, OpenTop, topReaders } from '../../../../shared/rules/matching/topColumns.js';
import { RowView } from '../../../../shared/where/compileWhere.js';

describe('lines that are looked at for frequent values', () => {
  it('are the first sixteen and each sixteenth, which stands for as many', () => {
    const looked = Array.from({ length: 64 }, (_, at) => at + 1).filter((nth) => linesStoodFor(nth) > 0);
    expect(looked).toEqual([...Array.from({ length: 16 }, (_, at) => at + 1), 32, 48, 64]);
    expect(looked.map(linesStoodFor)).toEqual([...Array.from({ length: 16 }, () => 1), 16, 16, 16]);
  });

  it('stand for all lines in what is told', () => {
    const top = new OpenTop(topReaders(['service']));
    const view = new RowView();
    for (let line = 1; line <= 160; line++) {
      view.show({ ts: line, service: 'pay', task: 'a', exception: line > 16 && line % 16 === 0 ? 'B' : 'A' });
      top.addLine(view);
    }
    expect(top.top()).toEqual({
      task: [['a', 160]],
      exception: [
        ['B', 144],
        ['A', 16],
      ],
    });
  });
});
