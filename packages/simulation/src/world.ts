import type { Clock, Store } from '@keepstep/core';

import type { EpisodeSetup } from './episode-setup.ts';
import type { FaultTarget } from './faults/fault-kind.ts';
import type { LuaMachine } from './lua/lua-machine.ts';
import { ModelServer } from './model/model-server.ts';
import { ServerHost, type Snapshot } from './network/server-host.ts';
import { SimulatedNetwork } from './network/simulated-network.ts';
import { BarrierPromises } from './oracles/barrier-promises.ts';
import { CounterOracle } from './oracles/counter-oracle.ts';
import { FlightOracle } from './oracles/flight-oracle.ts';
import { FreshnessOracle } from './oracles/freshness-oracle.ts';
import { SessionOpenings } from './oracles/session-openings.ts';
import { SettlingOracle } from './oracles/settling-oracle.ts';
import { createTime, useParts } from './time/simulated-machine.ts';
import { Trace } from './trace/trace.ts';
import type { OperationWorld } from './workload/operations.ts';
import { SimulatedProcess } from './workload/simulated-process.ts';
import { Source } from './workload/source.ts';

/** Is what every simulation runs with. */
export interface WorldParts {
  readonly machine: LuaMachine;
  /** Opens the store of a process. */
  readonly openStore: (process: string, clock: Clock, setup: EpisodeSetup) => Store;
  /** Changes the text of a script before the server compiles it. */
  readonly prepareScript?: ((text: string) => string) | undefined;
}

/** Is how long anything may take: a lease, the load that it was for, and a few tries with the store. */
const LIMIT_MS = 20_000;
/** Is how far the clock of the server may jump back, and leases with it. */
const JUMPS_MS = 40_000;
const JUMPS = 'clock of the server jumps';
const SNAPSHOT_MS = 150;
const SNAPSHOTS = 4;

/** Is one simulated world: a server, a network, and the processes that share the store. */
export class World implements FaultTarget {
  readonly setup: EpisodeSetup;
  readonly time = createTime();
  readonly trace = new Trace();
  readonly source = new Source();
  readonly host: ServerHost;
  readonly network: SimulatedNetwork;
  readonly freshness: FreshnessOracle;
  readonly flights = new FlightOracle(() => this.time.now);
  readonly settling: SettlingOracle;
  readonly barriers: BarrierPromises;
  readonly sessions: SessionOpenings;
  readonly counters = new CounterOracle(() => this.host.upheavals);
  readonly snapshots: Snapshot[] = [];
  readonly violations: string[] = [];
  readonly all: SimulatedProcess[] = [];
  /** Says that nothing goes wrong any more, not even with the tools. */
  isHealed = false;
  /** Is called with every process that starts. */
  onStart: (process: SimulatedProcess) => void = () => undefined;
  readonly #parts: WorldParts;
  readonly #chance;

  constructor(setup: EpisodeSetup, parts: WorldParts) {
    this.setup = setup;
    this.#parts = parts;
    this.#chance = setup.chance('workload');
    const { time } = this;
    const serverChance = setup.chance('server');
    const model = new ModelServer({
      machine: parts.machine,
      now: () => time.now + this.host.skewMs,
      random: serverChance.draw,
      prepare: parts.prepareScript,
    });
    this.host = new ServerHost(model);
    model.identity.isReplicated = setup.isReplicated;
    this.network = new SimulatedNetwork(time, this.trace, setup.chance('network').draw, this.host);
    this.freshness = new FreshnessOracle(() => time.moment());
    const isTimely = setup.plan.kinds.every(({ name }) => name !== JUMPS);
    this.settling = new SettlingOracle(() => time.now, isTimely ? LIMIT_MS : LIMIT_MS + JUMPS_MS);
    this.sessions = new SessionOpenings(() => this.host.upheavals);
    this.barriers = new BarrierPromises(time, this.freshness, () => this.host.upheavals);
    useParts({ time, random: setup.chance('machine').draw, connect: (host) => this.network.connect(host) });
    this.#takeSnapshots();
  }

  /** Lists the processes that live. */
  get alive(): SimulatedProcess[] {
    return this.all.filter(({ isDead }) => !isDead);
  }

  processes = (): readonly string[] => this.alive.map(({ name }) => name);

  kill = (name: string): void => {
    const process = this.all.find((each) => each.name === name) as SimulatedProcess;
    this.trace.note(this.time.now, `${name} is killed`);
    process.die();
    this.network.kill(name);
    this.barriers.killed(process);
    this.settling.forget(name);
    // Nothing of this reaches anybody; it only tidies up what a real death would have.
    void process.close();
    this.start();
  };

  /** Starts a process: the second of three lets copies go unchecked for a while. */
  start(): void {
    const { setup } = this;
    const number = this.all.length + 1;
    const name = `p${number}`;
    const maxStalenessMs = number % 3 === 2 ? setup.maxStalenessMs : 0;
    const settings = { name, maxStalenessMs, skewMs: Math.floor(this.#chance.between(-90_000, 90_000)) };
    const process = new SimulatedProcess(
      settings,
      this.time,
      (store, clock) => this.#parts.openStore(store, clock, setup),
      this.operationWorld,
    );
    this.all.push(process);
    this.freshness.addReader(name, maxStalenessMs);
    this.onStart(process);
  }

  /** Is what operations see of this world. */
  get operationWorld(): OperationWorld {
    const { time, source, flights, freshness, setup } = this;
    const { slowness } = setup;
    return {
      time,
      source,
      flights,
      freshness,
      failures: () => (this.isHealed ? 0 : setup.failures),
      slowness,
      chance: this.#chance,
      isTimely: setup.plan.kinds.every(({ name }) => name !== JUMPS),
      writes: this.barriers,
      sessions: this.sessions,
      counters: this.counters,
      note: (text) => this.trace.note(time.now, text),
      keys: () => this.all.flatMap(({ keys }) => keys),
      violation: (text) => void this.violations.push(text),
    };
  }

  #takeSnapshots(): void {
    this.time.schedule(SNAPSHOT_MS, () => {
      if (!this.host.isDown) this.snapshots.push(this.host.snapshot());
      if (this.snapshots.length > SNAPSHOTS) this.snapshots.shift();
      this.#takeSnapshots();
    });
  }
}
