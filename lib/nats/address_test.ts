import assert from "node:assert/strict";
import { UsageError } from "../errors.ts";
import { brokerAddress } from "./address.ts";

Deno.test("an address has a port, and what is secret in it is not shown", () => {
  const all: Record<string, object> = {
    "nats://broker": { server: "broker:4222", shown: "nats://broker:4222", isTls: false },
    "nats://s3cret@10.0.0.1:4333": {
      server: "10.0.0.1:4333",
      shown: "nats://10.0.0.1:4333",
      isTls: false,
      token: "s3cret",
    },
    "tls://me:a%40b@broker/": {
      server: "broker:4222",
      shown: "tls://broker:4222",
      isTls: true,
      user: "me",
      pass: "a@b",
    },
  };
  for (const [text, address] of Object.entries(all)) assert.deepEqual(brokerAddress(text), address);
});

Deno.test("what is no address of a NATS server is refused", () => {
  for (const text of ["", "broker", "broker:4222", "http://broker", "nats://", "nats://broker/a"]) {
    assert.throws(() => brokerAddress(text), UsageError, text);
  }
});
