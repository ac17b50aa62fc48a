// What cannot be said to @graphql-hive/gateway on its command line.
export const gatewayConfig = {
  logging: 'error',
  pollingInterval: 0,
  inboundInflightRequestDeduplication: process.env.INBOUND_DEDUPE === '1',
};
