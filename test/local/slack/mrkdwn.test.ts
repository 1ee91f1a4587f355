import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatDate, mentionsIn, parseMrkdwn } from '../../../local/slack/mrkdwn.js';

describe('parseMrkdwn', () => {
  it.each<[string, ReturnType<typeof parseMrkdwn>]>([
    ['plain &lt;b&gt; &amp;amp;', [{ kind: 'text', text: 'plain <b> &amp;' }]],
    [
      'a *b* _c_ ~d~ `e`',
      [
        { kind: 'text', text: 'a ' },
        { kind: 'bold', text: 'b' },
        { kind: 'text', text: ' ' },
        { kind: 'italic', text: 'c' },
        { kind: 'text', text: ' ' },
        { kind: 'strike', text: 'd' },
        { kind: 'text', text: ' ' },
        { kind: 'code', text: 'e' },
      ],
    ],
    ['snake_case_name', [{ kind: 'text', text: 'snake_case_name' }]],
    ['```\n*x*\n`y`\n```', [{ kind: 'fence', text: '*x*\n`y`' }]],
    ['<https://a.example/?x=1&amp;y=2|here>', [{ kind: 'link', text: 'here', href: 'https://a.example/?x=1&y=2' }]],
    ['<https://a.example>', [{ kind: 'link', text: 'https://a.example', href: 'https://a.example' }]],
    ['<!channel>', [{ kind: 'mention', text: '@channel' }]],
    [
      '<!date^1795363381^{date} {time}|then>',
      [{ kind: 'date', at: 1795363381000, format: '{date} {time}', text: 'then' }],
    ],
    [
      '<!date^8640000000000^{date}|the last day>',
      [{ kind: 'date', at: 8_640_000_000_000_000, format: '{date}', text: 'the last day' }],
    ],
    ['<!date^8640000000001^{date}|a &lt; b>', [{ kind: 'text', text: 'a < b' }]],
    ['<!date^99999999999999999^{date}|never>', [{ kind: 'text', text: 'never' }]],
  ])('takes %j apart', (text, pieces) => {
    expect(parseMrkdwn(text)).toEqual(pieces);
  });

  it('gives only dates that can be shown', () => {
    const seconds = fc.oneof(fc.nat().map(String), fc.stringMatching(/^\d{1,400}$/));
    fc.assert(
      fc.property(seconds, fc.string(), (at, format) => {
        for (const piece of parseMrkdwn(`<!date^${at}^{date_long} ${format}|then>`)) {
          if (piece.kind === 'date')
            expect([new Date(piece.at).toISOString(), formatDate(piece.at, piece.format)]).toHaveLength(2);
        }
      }),
    );
  });

  it('loses no letter', () => {
    const unit = fc.constantFrom('a', 'b', ' ', '\n', '&lt;', 'é', '.');
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        const shown = parseMrkdwn(text)
          .map((piece) => piece.text)
          .join('');
        expect(shown).toBe(text.replaceAll('&lt;', '<'));
      }),
    );
  });

  it('never throws', () => {
    const unit = fc.oneof(
      fc.constantFrom('<', '>', '`', '```', '*', '_', '~', '|', '!date^', '^', '\n'),
      fc.string({ maxLength: 2 }),
    );
    fc.assert(fc.property(fc.string({ unit }), (text) => expect(Array.isArray(parseMrkdwn(text))).toBe(true)));
  });
});

describe('mentionsIn', () => {
  it('finds what would notify or point at somebody', () => {
    expect(
      mentionsIn('<!here> `<@U123>` <#C1|x> <!subteam^S1> <!date^1^{date}|x> <https://x.example> &lt;!channel&gt;'),
    ).toEqual(['<!here>', '<@U123>', '<#C1|x>', '<!subteam^S1>']);
  });
});

describe('formatDate', () => {
  it('shows the time of the reader', () => {
    const at = Date.UTC(2026, 10, 22, 16, 3, 1);
    expect(formatDate(at, '{date_short_pretty} {time_secs}', 'UTC')).toBe('Nov 22, 2026 4:03:01 PM');
    expect(formatDate(at, '{time}', 'Europe/Paris')).toBe('5:03 PM');
  });
});
