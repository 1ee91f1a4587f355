import { expect, it, jest } from '@jest/globals';
import { DeployedInAws } from '../../local/doctor/deployed/aws.js';
import { sendCanary } from '../../local/doctor/deployed/canary.js';
import { query, startUp, withData } from '../helpers/up.js';

jest.setTimeout(120_000);

it("asks what is there, and sends doctor's line through the stream to an object and a row of app", () =>
  withData(async (data) => {
    const up = await startUp(data, '--flush', '1');
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const reached = { endpoint: up.ready.firehose, region: 'us-east-1', credentials, forcePathStyle: true };
    const deployed = new DeployedInAws('local', reached);
    // There is no Athena on a laptop; the query is the same.
    deployed.ask = (sql) => query(data, sql).then((rows) => [...rows]);
    const { stream, bucket } = up.ready;
    const described = await deployed.stream(stream);
    expect(described?.status).toBe('ACTIVE');
    expect(await deployed.stream('none')).toBeUndefined();
    expect(await deployed.tableStatus('firesplit-local-alerts')).toBe('ACTIVE');
    expect(await deployed.tableStatus('none')).toBeUndefined();
    expect(await deployed.waiting(`${up.ready.firehose}/000000000000/none`)).toBeUndefined();
    expect(await deployed.waiting(`${up.ready.firehose}/000000000000/firesplit-local-signals-dead`)).toBe(0);
    expect(await deployed.object(bucket, 'compact/control/type=none.json')).toBeUndefined();
    const route = {
      stream,
      bucket,
      buffering: described?.buffering ?? 0,
      run: '0123456789ab',
      pause: 50,
      patience: 60_000,
    };
    const hops = await sendCanary(deployed, route);
    deployed.close();
    expect(await up.stop()).toBe(0);
    expect(hops.map(({ name, about, findings }) => [name, about, findings])).toEqual([
      ['canary:put', expect.stringMatching(/^"firesplit doctor canary 0123456789ab" accepted after [\d.]+ s$/), []],
      [
        'canary:object',
        expect.stringMatching(`^in s3://${bucket}/logs/type=app/arrived=.*json.gz after [\\d.]+ s$`),
        [],
      ],
      ['canary:row', expect.stringMatching(/^a row of app after [\d.]+ s$/), []],
    ]);
  }));
