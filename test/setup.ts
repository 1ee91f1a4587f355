import fc from 'fast-check';

// Metrics are EMF lines on stdout: the tests look at what is counted, not at the lines.
process.env.POWERTOOLS_METRICS_DISABLED = 'true';
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

// Property tests look for new examples at every run on a laptop. Before a merge they use the same ones each time, so that a
// change is judged by what it changes; FC_SEED repeats any run.
const seed = process.env.FC_SEED ?? (process.env.CI ? '20261122' : undefined);
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });
