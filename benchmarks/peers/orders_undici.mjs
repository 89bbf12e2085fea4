// Signed orders through undici's pool; usage: orders_undici.mjs PORT IN_FLIGHT
import { Pool } from "undici";
import { play } from "./rounds.mjs";
import { headers, order, TARGET } from "./signed_order.mjs";

const [port, inFlight] = process.argv.slice(2);
const host = `127.0.0.1:${port}`;
const pool = new Pool(`http://${host}`, { connections: Number(inFlight) });

await play(async () => {
  const body = JSON.stringify(order());
  const answer = await pool.request({
    method: "POST",
    path: TARGET,
    headers: headers(host, body),
    body,
  });
  if (answer.statusCode !== 201) throw new Error(`status ${answer.statusCode}`);
  return answer.body.json();
}, Number(inFlight));
