/** The JSON Schema of the event that starts a replay. */
export const replayEventSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['source'],
  properties: {
    source: { enum: ['failed', 'backup', 'import'] },
    prefix: { type: 'string', minLength: 1 },
    keys: { type: 'array', minItems: 1, maxItems: 1000, items: { type: 'string', minLength: 1 } },
    from: { type: 'string' },
    to: { type: 'string' },
    errorCode: { type: 'string', minLength: 1 },
    limit: { type: 'integer', minimum: 1 },
    alerts: { enum: ['off', 'shadow', 'send'] },
    again: { type: 'boolean' },
    dryRun: { type: 'boolean' },
  },
} as const;

/** The JSON Schema of an event about a replay that was started, by its one key. */
export const replayIdSchema = (key: 'status' | 'cancel') => ({
  type: 'object',
  additionalProperties: false,
  required: [key],
  properties: { [key]: { type: 'string' } },
});
