// Signed orders through Node's own fetch; usage: orders_fetch.mjs PORT IN_FLIGHT
import { play } from "./rounds.mjs";
import { headers, order, TARGET } from "./signed_order.mjs";

const [port, inFlight] = process.argv.slice(2);
const host = `127.0.0.1:${port}`;
const url = `http://${host}${TARGET}`;

await play(async () => {
  const body = JSON.stringify(order());
  const answer = await fetch(url, { method: "POST", headers: headers(host, body), body });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}, Number(inFlight));
