import { describe, expect, it } from '@jest/globals';
import { parseTraceHeader, parseTraceId } from '../../../../shared/parse/values/traceIds.js';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const span = '00f067aa0ba902b7';
const xray = '1-5759e988-bd862e3fe1be46a994272793';
const none = '0'.repeat(32);

describe('parseTraceId', () => {
  it.each<[unknown, string | undefined]>([
    [trace, trace],
    ['7', '7'],
    [7, '7'],
    [0, undefined],
    [-7, undefined],
    [1.5, undefined],
    [2 ** 53, undefined],
    ['', undefined],
    ['-', undefined],
    ['<null>', undefined],
    ['0', undefined],
    ['0x0', undefined],
    [none, undefined],
    ['two words', undefined],
    ['a'.repeat(256), 'a'.repeat(256)],
    ['a'.repeat(257), undefined],
    [null, undefined],
    [true, undefined],
    [[trace], undefined],
  ])('reads %j as %j', (value, id) => {
    expect(parseTraceId(value)).toBe(id);
  });
});

describe('parseTraceHeader', () => {
  it.each<[string, string, string | undefined]>([
    [`00-${trace}-${span}-01`, trace, span],
    [`00-${trace}-${'0'.repeat(16)}-01`, trace, undefined],
    [`Root=${xray}`, xray, undefined],
    [`Root=${xray};Parent=${span};Sampled=1`, xray, span],
    [`Self=1-5759e988-000000000000000000000000;Root=${xray};Parent=${span}`, xray, span],
    [`${xray}@${span}`, xray, span],
    [`AWS-XRAY-TRACE-ID: ${xray}`, xray, undefined],
    [`${trace}-${span}-1`, trace, span],
    [`${span}-${span}-d-${span}`, span, span],
    [`projects/shop/traces/${trace}`, trace, undefined],
  ])('reads %s', (text, trace_id, span_id) => {
    expect(parseTraceHeader(text)).toEqual(span_id === undefined ? { trace_id } : { trace_id, span_id });
  });

  it.each([
    '',
    trace,
    `00-${none}-${span}-01`,
    `projects/shop/traces/${none}`,
    `00-${trace}-${span}`,
    `Root=${trace}`,
    `${'a=b;'.repeat(120)}Root=${xray}`,
  ])('leaves %s to others', (text) => {
    expect(parseTraceHeader(text)).toBeUndefined();
  });
});
