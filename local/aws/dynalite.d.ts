declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** Folder of the LevelDB store; in memory without it. */
    path?: string;
    /** How long a new table stays CREATING, in ms. */
    createTableMs?: number;
    /** How long a deleted table stays DELETING, in ms. */
    deleteTableMs?: number;
  }

  export default function dynalite(options?: DynaliteOptions): Server;
}
