import { access, mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { WayLab } from './lab.js';
import { shop } from './lines.js';

/**
 * The service web writes a file, and systemd runs the worker: a real journald in a mount namespace of its own, whose /run is a folder of
 * the lab. It looks up the control group of the process
 * that writes, which names the unit: so the shell writes by itself, and lives on. Needs root and systemd's programs.
 */
export async function host(lab: WayLab): Promise<void> {
  await Promise.all(['log', 'chunks', 'run/systemd/journal'].map((name) => mkdir(lab.path(name), { recursive: true })));
  for (const stream of ['stdout', 'stderr'] as const) await writeLines(lab.path(stream), shop.worker[stream]);
  lab.start('unshare', ['--mount', 'sh', '-c', journald, 'sh', lab.folder]);
  await existing(lab, lab.path('run', 'log', 'journal'));
  await lab.router(await configuration(lab));
  await writeLines(lab.path('log', 'web.log'), shop.web.stdout);
  await writeFile(lab.path('go'), '');
  await lab.arrive(4);
  await writeFile(lab.path('end'), '');
  await existing(lab, lab.path('ended'));
}

async function configuration(lab: WayLab): Promise<string> {
  const settings = { 'storage.path': lab.path('chunks'), Path: lab.path('log', '*.log') };
  const conf = await lab.configuration('infra/fluent-bit/host/fluent-bit.conf', settings);
  return (
    conf
      .replaceAll('/var/lib/firesplit', lab.path('chunks'))
      // The input finds the machine's own journal by itself.
      .replace(/^( {4}Tag +journal\n)/m, `$1    Path ${lab.path('run', 'log', 'journal')}\n`)
  );
}

const journald = `
cd "$1"
cat > unit << 'END'
say() { while IFS= read -r line; do printf '%s\\n' "$line"; done; }
say < stdout
say < stderr >&2
until [ -e end ]; do sleep 0.1; done
END
mount --bind run /run
/lib/systemd/systemd-journald &
journald=$!
group=/sys/fs/cgroup/unified/firesplit-lab.slice/worker.service
[ -d /sys/fs/cgroup/unified ] || group=/sys/fs/cgroup/firesplit-lab.slice/worker.service
mkdir -p $group
until [ -e go ]; do sleep 0.1; done
sh -c 'echo $$ > '$group'/cgroup.procs; exec systemd-cat -t shop sh ./unit'
kill $journald
wait
rmdir $group $(dirname $group)
touch ended
`;

async function writeLines(file: string, lines: readonly string[]): Promise<void> {
  await writeFile(file, lines.map((line) => `${line}\n`).join(''));
}

async function existing(lab: WayLab, path: string): Promise<void> {
  const isThere = () =>
    access(path).then(
      () => true,
      () => false,
    );
  for (const start = Date.now(); !(await isThere()); await pause(50))
    if (Date.now() - start > 30_000) throw new Error(`${path} does not come:\n${lab.log}`);
}
