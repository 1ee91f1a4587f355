import { lambda } from '../../../shared/limits.js';
import { prices } from '../../../shared/prices.js';

/** What DynamoDB takes to answer, milliseconds: of it AWS only says that it is of a single digit. */
export const roundTrip = 5;

/** Requests of an invocation of alert that wait for each other: its batches are opened, its keys saved, its batches closed. */
const rounds = 3;

/** Its part of a vCPU. At most one: the work is bound by one core. */
export function shareOf(memory: number): number {
  return Math.min(1, memory / lambda.memoryOfVcpu);
}

/** What an invocation of alert takes and costs with so much memory. */
export interface InvocationCost {
  readonly milliseconds: number;
  readonly dollars: number;
}

/** @param cpu of a key, milliseconds */
export function invocationCost(memory: number, keys: number, cpu: number): InvocationCost {
  const milliseconds = rounds * roundTrip + (keys * cpu) / shareOf(memory);
  const gbSeconds = (milliseconds / 1000) * (memory / 1024);
  return { milliseconds, dollars: gbSeconds * prices.lambdaPerGbSecond.arm64 };
}

/** Of write and read units, the latter a fifth of a write, and of milliseconds of CPU, whose price is the same with any memory. */
export function dollarsOf(writeUnits: number, readUnits: number, cpu: number): number {
  const compute = (cpu / 1000) * (lambda.memoryOfVcpu / 1024) * prices.lambdaPerGbSecond.arm64;
  return ((writeUnits + readUnits / 5) * prices.dynamodbPerMillionWrites) / 1e6 + compute;
}
