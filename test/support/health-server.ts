import {
  Server,
  ServerCredentials,
  status,
  type ServiceDefinition,
  type ServiceError,
  type UntypedHandleCall,
} from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import type { Certified } from './certificates.ts';

const { root } = protobuf.parse(`
  syntax = "proto3";
  package grpc.health.v1;
  message HealthCheckRequest { string service = 1; }
  message HealthCheckResponse {
    enum ServingStatus { UNKNOWN = 0; SERVING = 1; NOT_SERVING = 2; SERVICE_UNKNOWN = 3; }
    ServingStatus status = 1;
  }
`);
const [Request, Response] = ['Request', 'Response'].map((end) => root.lookupType(`grpc.health.v1.HealthCheck${end}`));

const health: ServiceDefinition = {
  Check: {
    path: '/grpc.health.v1.Health/Check',
    requestStream: false,
    responseStream: false,
    requestSerialize: (message: object) => Buffer.from(Request!.encode(message).finish()),
    requestDeserialize: (bytes: Buffer) => Request!.decode(bytes),
    responseSerialize: (message: object) => Buffer.from(Response!.encode(message).finish()),
    responseDeserialize: (bytes: Buffer) => Response!.decode(bytes),
  },
};

/** A status of the protocol as its number; an error with its code and words; `silence`; or the service is not there at all. */
export type HealthAnswer = number | Pick<ServiceError, 'code' | 'details'> | 'silence' | 'not there';

export interface HealthServer {
  port: number;
  /** The services that were asked for. */
  asked: string[];
  close(): void;
}

/** A gRPC server on this machine. By the service that is asked for; those that it does not know are NOT_FOUND, as the protocol says. */
export async function startHealthServer(
  answers: Record<string, HealthAnswer>,
  certified?: Certified,
): Promise<HealthServer> {
  const asked: string[] = [];
  const check: UntypedHandleCall = (
    { request }: { request: { service: string } },
    done: (error: Partial<ServiceError> | null, answer?: object) => void,
  ) => {
    asked.push(request.service);
    const answer = answers[request.service];
    if (answer === 'silence') return;
    if (typeof answer === 'number') return done(null, { status: answer });
    done(typeof answer === 'object' ? answer : { code: status.NOT_FOUND, details: 'unknown service' });
  };
  const server = new Server();
  if (answers[''] !== 'not there') server.addService(health, { Check: check });
  const credentials = certified
    ? ServerCredentials.createSsl(null, [
        { cert_chain: Buffer.from(certified.cert), private_key: Buffer.from(certified.key) },
      ])
    : ServerCredentials.createInsecure();
  const port = await new Promise<number>((found, failed) =>
    server.bindAsync('127.0.0.1:0', credentials, (error, one) => (error ? failed(error) : found(one))),
  );
  return { port, asked, close: () => server.forceShutdown() };
}
