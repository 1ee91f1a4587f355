import { ecs } from '../../../shared/limits.js';
import { bytesText } from '../../../shared/text/wording.js';
import { routerMemory } from '../sizing.js';
import { type Finding, sources } from './finding.js';
import { finding, type Rules, type Subject } from './subject.js';
import type { Container } from './task.js';

const MiB = 1024 * 1024;
const limitOption = 'log-driver-buffer-limit';

/** Memory of the router, and of the log drivers that hold lines while it does not read. */
export const memoryRules: Rules = (subject) => [
  ...routerMemoryRules(subject),
  ...subject.senders.flatMap((sender) => driverBuffer(subject, sender)),
];

function routerMemoryRules({ router, task, conf }: Subject): Finding[] {
  const { memory, memoryReservation } = router;
  const needed = conf.kind === 'seen' ? routerMemory(conf.sections) : undefined;
  const sum =
    needed &&
    `${needed.chunksUp} chunks up (${needed.chunks}) + backlog ${needed.backlog} + Fluent Bit itself ${needed.process}`;
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

function driverBuffer({ task, router, lineBytes }: Subject, sender: Container): Finding[] {
  const given = sender.logOptions.get(limitOption);
  const at = ['logConfiguration', 'options', limitOption];
  const { below, default: usual } = ecs.driverBufferLines;
  const lines = given === undefined ? usual : Number(given);
  if (!Number.isInteger(lines) || lines < 0 || lines >= below || given === '') {
    return [
      finding('driver-buffer', 'does not start', sender, at, {
        problem: `${limitOption} is "${given}"; it is a number of lines, from 0 and below ${below}.`,
        remedy: `Set ${advised(task.memory, lineBytes)}.`,
        source: sources.throughput,
      }),
    ];
  }
  const room = roomFor(sender, router, task.memory);
  const bytes = lines * lineBytes;
  if (room === undefined || bytes <= room * MiB) return [];
  return [
    finding('driver-buffer', 'loses lines', sender, at, {
      problem: `${limitOption} counts lines, not bytes: ${given === undefined ? 'the default of ' : ''}${lines.toLocaleString('en')} lines of ${lineBytes} bytes are ${bytesText(bytes)}, and the task has ${room} MiB for them. It is killed before the buffer is full.`,
      remedy: `Set ${advised(task.memory, lineBytes)}: an eighth of the task's memory.`,
      source: sources.throughput,
    }),
  ];
}

/** What of the task's memory is neither the router's nor set aside for the service. */
function roomFor(sender: Container, router: Container, memory: number | undefined): number | undefined {
  if (memory === undefined) return undefined;
  const taken = [sender, router].reduce((sum, each) => sum + (each.memory ?? each.memoryReservation ?? 0), 0);
  return Math.max(0, memory - taken);
}

function advised(memory: number | undefined, lineBytes: number): string {
  return `"${limitOption}": "${Math.floor((((memory ?? 512) / 8) * MiB) / lineBytes)}"`;
}
