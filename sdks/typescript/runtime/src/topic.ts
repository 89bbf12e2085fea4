/** One subscription inside a session: which frames are its own, in which order, decoded. */

import { at, decodeValue } from "./answer.ts";
import { codec, fitTest } from "./coerce.ts";
import type { EventShape } from "./operation.ts";
import { SequenceCheck } from "./sequence.ts";
import { type AnyChannel, exactValue, type Incoming } from "./stream_frames.ts";
import type { Interruption } from "./subscription.ts";

/** Where a topic's events go. */
export interface Sink {
  /** Nothing is missing from here on. */
  start(): void;
  push(event: unknown): void;
  interrupt(reason: Interruption): void;
  fail(error: unknown): void;
}

/** What became of a frame: `again` asks for a new subscription, because messages were lost. */
export type Delivery = "taken" | "again" | "foreign";

interface KnownEvent {
  readonly shape: EventShape;
  readonly knows: (frame: Incoming) => boolean;
}

const knows = (shape: EventShape): ((frame: Incoming) => boolean) => {
  const { tag, fits } = shape;
  if (tag !== undefined) return (frame) => frame.tag === tag;
  const test = fits === undefined ? () => true : fitTest(fits);
  return (frame) => test(frame.value);
};

/** A channel with its address filled in, and who reads it. */
export class Topic {
  readonly address: string;
  /** The topics that its messages may name: of values that commas join, each has its own. */
  readonly names: readonly string[];
  readonly isTopic: boolean;
  readonly #channel: AnyChannel;
  readonly #sink: Sink;
  readonly #sequence: SequenceCheck;
  readonly #events: readonly KnownEvent[];
  #isLive = false;

  constructor(channel: AnyChannel, address: string, sink: Sink, names = [address]) {
    this.address = address;
    this.names = names;
    this.isTopic = channel.isTopic;
    this.#channel = channel;
    this.#sink = sink;
    this.#sequence = new SequenceCheck(channel.stream);
    this.#events = channel.events.map((shape) => ({ shape, knows: knows(shape) }));
  }

  /** True while no event of this topic can be missing. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** Takes a frame that was routed here. */
  deliver(frame: Incoming): Delivery {
    const { stream } = this.#channel;
    const event = this.#events.find((one) => one.knows(frame))?.shape;
    if (event === undefined) return "foreign";
    const order = this.#sequence.accept(frame.value, frame.tag);
    if (order === "repeated" || order === "early") return "taken";
    if (order === "gap") {
      this.#interrupt("gap");
      if (stream?.snapshot !== undefined) return "again";
    }
    // An event that is in order shows by itself that the venue took the subscription.
    this.#start();
    this.#push(event, frame);
    return "taken";
  }

  /** The venue took the subscription; without a snapshot to wait for, events are complete now. */
  confirmed(): void {
    if (this.#channel.stream?.snapshot === undefined) this.#start();
  }

  /** The socket is gone: what comes next does not follow what came before. */
  disconnected(): void {
    this.#sequence.reset();
    if (this.#isLive) this.#interrupt("reconnected");
  }

  #start(): void {
    if (this.#isLive) return;
    this.#isLive = true;
    this.#sink.start();
  }

  #interrupt(reason: Interruption): void {
    this.#isLive = false;
    this.#sink.interrupt(reason);
  }

  fail(error: unknown): void {
    this.#sink.fail(error);
  }

  #push(event: EventShape, frame: Incoming): void {
    const schema = event.schema ?? "plain";
    try {
      const value = at(exactValue(frame, codec(schema).isExact), event.result ?? "");
      this.#sink.push(decodeValue(value, schema, frame.text));
    } catch (error) {
      this.#sink.fail(error);
    }
  }
}

/** All topics of a session, found by the topic that a frame names. */
export class TopicTable {
  readonly #byAddress = new Map<string, Set<Topic>>();
  readonly #byName = new Map<string, Set<Topic>>();
  readonly #others = new Set<Topic>();

  *all(): IterableIterator<Topic> {
    for (const topics of this.#byAddress.values()) yield* topics;
    yield* this.#others;
  }

  add(topic: Topic): void {
    if (!topic.isTopic) {
      this.#others.add(topic);
      return;
    }
    include(this.#byAddress, topic.address, topic);
    for (const name of topic.names) include(this.#byName, name, topic);
  }

  /** The topics that follow an address. */
  at(address: string): readonly Topic[] {
    return [...(this.#byAddress.get(address) ?? NONE)];
  }

  /** Removes a topic; true where nobody else follows the same address. */
  remove(topic: Topic): boolean {
    if (this.#others.delete(topic)) return true;
    for (const name of topic.names) exclude(this.#byName, name, topic);
    return exclude(this.#byAddress, topic.address, topic);
  }

  clear(): void {
    this.#byAddress.clear();
    this.#byName.clear();
    this.#others.clear();
  }

  /**
   * The topics that a frame may belong to: those that it names, and those whose messages name
   * none. Of a frame without a name it is the shape that decides.
   */
  *for(frame: Incoming): IterableIterator<Topic> {
    if (frame.topic === undefined) yield* this.all();
    else {
      yield* this.#byName.get(frame.topic) ?? NONE;
      yield* this.#others;
    }
  }
}

const include = (table: Map<string, Set<Topic>>, key: string, topic: Topic): void => {
  const topics = table.get(key);
  if (topics === undefined) table.set(key, new Set([topic]));
  else topics.add(topic);
};

/** Takes a topic away; true where it was the last of its key. */
const exclude = (table: Map<string, Set<Topic>>, key: string, topic: Topic): boolean => {
  const topics = table.get(key);
  if (topics?.delete(topic) !== true || topics.size > 0) return false;
  table.delete(key);
  return true;
};

const NONE: readonly Topic[] = [];
