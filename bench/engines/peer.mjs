// LangGraph.js with its SQLite checkpointer, and the machine's floor of SQLite commits with the same binding.
// Usage: node peer.mjs NODE_MODULES SECONDS FOLDER     Prints lines of "WHAT JOURNAL PER-SECOND", as the program beside it does.
import events from "node:events";
import { createRequire } from "node:module";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

const [modules, secondsText, folder] = process.argv.slice(2);
const seconds = Number(secondsText);
const require = createRequire(join(modules, "peer.cjs"));
const { StateGraph, Annotation, START, END, MemorySaver } = require("@langchain/langgraph");
const { SqliteSaver } = require("@langchain/langgraph-checkpoint-sqlite");
const Database = createRequire(require.resolve("@langchain/langgraph-checkpoint-sqlite"))("better-sqlite3");
mkdirSync(folder, { recursive: true });

// Twenty branches listen to one signal; a warning for each run would be all that is measured.
events.defaultMaxListeners = 100;

const State = Annotation.Root({ done: Annotation({ reducer: (a, b) => a + b, default: () => 0 }) });
const nothing = async () => ({ done: 1 });

function chain() {
  const graph = new StateGraph(State);
  let before = START;
  for (let i = 0; i < 7; i++) {
    graph.addNode(`s${i}`, nothing).addEdge(before, `s${i}`);
    before = `s${i}`;
  }
  return { graph: graph.addEdge(before, END), steps: 7 };
}

function fan() {
  const graph = new StateGraph(State).addNode("begin", nothing).addNode("end", nothing).addEdge(START, "begin").addEdge("end", END);
  for (let i = 0; i < 20; i++) graph.addNode(`b${i}`, nothing).addEdge("begin", `b${i}`).addEdge(`b${i}`, "end");
  return { graph, steps: 22 };
}

async function measure(work, time) {
  const from = process.hrtime.bigint();
  const passed = () => Number(process.hrtime.bigint() - from) / 1e9;
  let count = 0;
  for (; passed() < time; count++) await work(count);
  return count / passed();
}

async function rate(work) {
  await measure(work, seconds / 5);
  return (await measure(work, seconds)).toFixed(0);
}

let thread = 0;
for (const [name, shape] of [["chain", chain()], ["fan", fan()]]) {
  for (const [journal, checkpointer] of [["memory", new MemorySaver()], ["sqlite", SqliteSaver.fromConnString(join(folder, `${name}.db`))]]) {
    const app = shape.graph.compile({ checkpointer });
    const run = async () => {
      const configurable = { thread_id: `run-${thread++}` };
      const end = await app.invoke({ done: 0 }, { configurable, recursionLimit: 100 });
      if (end.done !== shape.steps) throw new Error(`${name}: ${end.done} steps of ${shape.steps}`);
      if (journal === "memory") await checkpointer.deleteThread(configurable.thread_id);
    };
    console.log(name, journal, await rate(run));
  }
}

for (const synchronous of ["NORMAL", "FULL"]) {
  const database = new Database(join(folder, `floor-${synchronous}.db`));
  database.pragma("journal_mode = WAL");
  database.pragma(`synchronous = ${synchronous}`);
  database.exec("CREATE TABLE rows (key INTEGER PRIMARY KEY, content TEXT)");
  const insert = database.prepare("INSERT INTO rows (content) VALUES (?)");
  const content = "x".repeat(200);
  console.log("commits", synchronous, await rate(() => insert.run(content)));
  database.close();
}
