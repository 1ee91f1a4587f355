import { isIP } from 'node:net';
import { type DuckDBConnection, DuckDBScalarFunction, VARCHAR } from '@duckdb/node-api';
import { compileBlocks } from '../../shared/where/cidr.js';

/** What no SQL of DuckDB says: functions that `translate` names, on this side. All of them take and give text. */
export function registerAthenaFunctions(connection: DuckDBConnection): void {
  register(connection, 'athena_error', 1, ([message]) => {
    throw new Error(message);
  });
  register(connection, 'athena_double_text', 1, ([value]) => doubleText(Number(value)));
  register(connection, 'athena_ip', 2, ([text = '', safe]) => {
    const address = addressOf(text);
    if (address === undefined && safe !== 'true') throw new Error(`Cannot cast value to IPADDRESS: ${text}`);
    return address;
  });
  const networks = new Map<string, (address: string) => boolean>();
  register(connection, 'athena_in_network', 2, ([address = '', network = '']) => {
    const isWithin = networks.get(network) ?? compileBlocks([network]);
    networks.set(network, isWithin);
    return String(isWithin(address));
  });
}

/** Rows with a null give null. */
function register(
  connection: DuckDBConnection,
  name: string,
  parameters: number,
  answer: (args: readonly string[]) => string | undefined,
): void {
  const definition = DuckDBScalarFunction.create({
    name,
    parameterTypes: Array.from({ length: parameters }, () => VARCHAR),
    returnType: VARCHAR,
    mainFunction(_, input, output) {
      const columns = Array.from({ length: parameters }, (_, index) => input.getColumnValues(index));
      for (let row = 0; row < input.rowCount; row++) {
        const args = columns.map((column) => column[row] ?? null);
        output.setItem(row, args.some((arg) => arg === null) ? null : (answer(args.map(String)) ?? null));
      }
      output.flush();
    },
  });
  connection.registerScalarFunction(definition);
}

/** As Trino casts a double: always with an exponent. */
function doubleText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const sign = Object.is(value, -0) ? '-' : '';
  return `${sign}${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
}

/** Its usual spelling; an IPv4 address mapped to IPv6 is that address. Undefined for what is none. */
function addressOf(text: string): string | undefined {
  if (isIP(text) === 4) return text;
  if (isIP(text) !== 6 || text.includes('%')) return undefined;
  const spelled = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(spelled);
  if (!mapped) return spelled;
  const [high, low] = mapped.slice(1).map((part) => Number.parseInt(part, 16)) as [number, number];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
