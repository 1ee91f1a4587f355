import { ecs } from '../../../shared/limits.js';
import { bytesText } from '../../../shared/text/wording.js';
import { routerMemory } from '../sizing.js';
import { type Finding, sources } from './finding.js';
import { finding, type Rules, type Subject } from './subject.js';
import type { Container, Task } from './task.js';

const MiB = 1024 * 1024;
const limitOption = 'log-driver-buffer-limit';
const limitPath = ['logConfiguration', 'options', limitOption];

/** Memory of the containers, of the router, and of the log drivers that hold lines while it does not read. */
export const memoryRules: Rules = (subject) => [
  ...taskMemory(subject),
  ...routerMemoryRules(subject),
  ...driverBuffers(subject),
];

function taskMemory({ task }: Subject): Finding[] {
  const set = setAside(task);
  if (task.memory === undefined || set <= task.memory) return [];
  return [
    finding('task-memory', 'does not start', task, ['memory'], {
      problem: `The containers ask for ${set} MiB together, and the task has ${task.memory}.`,
      remedy: 'Give the task more, or its containers less.',
      source: sources.containerDefinition,
    }),
  ];
}

/** MiB of all containers together: what limits them, else what is reserved for them. */
function setAside({ containers }: Task): number {
  return containers.reduce((sum, each) => sum + (each.memory ?? each.memoryReservation ?? 0), 0);
}

function routerMemoryRules({ router, task, conf }: Subject): Finding[] {
  const { memory, memoryReservation } = router;
  const needed = conf.kind === 'seen' ? routerMemory(conf.sections) : undefined;
  const sum =
    needed &&
    `${needed.chunksUp} chunks up, twice while they are sent (${needed.chunks}) + backlog ${needed.backlog} + Fluent Bit itself ${needed.process}`;
  const remedy = `Set "memoryReservation": ${needed?.total ?? 256}, without "memory".`;
  if (memory === undefined && memoryReservation === undefined) {
    return [
      finding('router-memory', task.memory === undefined ? 'does not start' : 'advice', router, ['memoryReservation'], {
        problem:
          task.memory === undefined
            ? 'Neither the task nor the router says how much memory it takes.'
            : 'No memory is set aside for the router, and ECS gives its input 25 MB.',
        remedy,
        source: sources.agentConfig,
      }),
    ];
  }
  if (needed !== undefined && memory !== undefined && memory < needed.total) {
    return [
      finding('router-memory', 'loses lines', router, ['memory'], {
        problem: `The router is killed at ${memory} MiB, and needs up to ${needed.total}: ${sum}.`,
        remedy,
        source: sources.buffering,
      }),
    ];
  }
  if (needed !== undefined && memory === undefined && (memoryReservation ?? 0) < needed.total) {
    return [
      finding('router-memory', 'advice', router, ['memoryReservation'], {
        problem: `${memoryReservation} MiB are set aside for the router, which needs up to ${needed.total}: ${sum}.`,
        remedy,
        source: sources.buffering,
      }),
    ];
  }
  return [];
}

/** Buffers that can't be, else that of the most lines when all together are more than the containers leave. */
function driverBuffers({ task, senders, lineBytes }: Subject): Finding[] {
  const advised = `Set "${limitOption}": "${Math.floor((((task.memory ?? 512) / 8) * MiB) / lineBytes / senders.length)}"`;
  const impossible = senders
    .filter((sender) => linesOf(sender) === undefined)
    .map((sender) =>
      finding('driver-buffer', 'does not start', sender, limitPath, {
        problem: `${limitOption} is "${sender.logOptions.get(limitOption)}"; it is a number of lines, from 0 and below ${ecs.driverBufferLines.below}.`,
        remedy: `${advised}.`,
        source: sources.throughput,
      }),
    );
  const [largest] = [...senders].sort((a, b) => (linesOf(b) ?? 0) - (linesOf(a) ?? 0));
  const room = (task.memory ?? Number.POSITIVE_INFINITY) - setAside(task);
  const bytes = senders.reduce((sum, sender) => sum + (linesOf(sender) ?? 0) * lineBytes, 0);
  // Without room the task does not start, and that is said already.
  if (largest === undefined || room < 0 || bytes <= room * MiB) return impossible;
  const lines = linesOf(largest) ?? 0;
  const usual = largest.logOptions.has(limitOption) ? '' : 'the default of ';
  const more = senders.length > 1 ? ', with those of the other containers' : '';
  return [
    ...impossible,
    finding('driver-buffer', 'loses lines', largest, limitPath, {
      problem: `${limitOption} counts lines, not bytes: ${usual}${lines.toLocaleString('en')} lines of ${lineBytes} bytes are${more} ${bytesText(bytes)}, and the task has ${room} MiB for them. It is killed before the buffer is full.`,
      remedy: `${advised}${senders.length > 1 ? ' for each container' : ''}: an eighth of the task's memory.`,
      source: sources.throughput,
    }),
  ];
}

/** Undefined when it is no number of lines that ECS takes. */
function linesOf({ logOptions }: Container): number | undefined {
  const given = logOptions.get(limitOption);
  if (given === undefined) return ecs.driverBufferLines.default;
  const lines = given === '' ? Number.NaN : Number(given);
  return Number.isInteger(lines) && lines >= 0 && lines < ecs.driverBufferLines.below ? lines : undefined;
}
