// Where subscriptions are served: the same address, by WebSocket.
export function socketUrl(endpoint) {
  return endpoint.replace(/^http/, 'ws');
}
