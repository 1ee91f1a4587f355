import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { invocationOf, traceHeader } from '../../../local/lambda/trace.js';

it('carries an invocation’s id in a trace header', () => {
  fc.assert(fc.property(fc.uuid(), (id) => expect(invocationOf(traceHeader(id))).toBe(id)));
});

it.each(['', 'Root=1-5759e988-bd862e3fe1be46a994272793x', 'Parent=53995c3f42cd8ad8', 'Root=1-5759e988'])(
  'finds none in "%s"',
  (header) => expect(invocationOf(header)).toBeUndefined(),
);
