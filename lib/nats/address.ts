/** Where a NATS server is. */
import { UsageError } from "../errors.ts";

export interface BrokerAddress {
  /** As in `broker:4222`. */
  readonly server: string;
  /** The address without what is secret in it. */
  readonly shown: string;
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
  readonly isTls: boolean;
}

const PORT = "4222";

/**
 * @param text as in `nats://broker`, `nats://token@broker:4222` or `tls://user:password@broker`
 * @throws {UsageError} where it is none
 */
export function brokerAddress(text: string): BrokerAddress {
  // Of other schemes than the web's, URL keeps host names as they are typed.
  const url = URL.parse(text);
  if (
    !url || !["nats:", "tls:"].includes(url.protocol) || !url.hostname || url.pathname.length > 1
  ) {
    throw new UsageError(
      `Cannot use --nats ${
        JSON.stringify(text)
      }: it must be the address of a NATS server, such as nats://broker:4222`,
    );
  }
  const server = `${url.hostname}:${url.port || PORT}`;
  const [user, pass] = [url.username, url.password].map(decodeURIComponent);
  const secret = pass ? { user, pass } : user ? { token: user } : {};
  return { server, shown: `${url.protocol}//${server}`, isTls: url.protocol === "tls:", ...secret };
}
