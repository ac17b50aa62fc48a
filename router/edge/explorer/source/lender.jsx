// The page within a page of the same origin: it says that it is ready, and takes what it is lent. See docs/router/explorer.md.
import { useEditorContext } from '@graphiql/react';
import { useEffect, useRef } from 'react';

import { headersWith, lentHeaders } from './lent.js';

/** Hands on what the page around this one lends. Nobody else is listened to, and no other origin is told anything. */
export function listenToLender(take) {
  if (window.parent === window) return () => {};
  const origin = window.location.origin;
  const onMessage = (event) => {
    if (event.origin !== origin || event.source !== window.parent) return;
    if (event.data?.explorer === 'lend') take(event.data);
  };
  window.addEventListener('message', onMessage);
  window.parent.postMessage({ explorer: 'ready' }, origin);
  return () => window.removeEventListener('message', onMessage);
}

/** Puts what was lent into the editors, as soon as they are there; each thing once, for a person may go on writing. */
export function Borrower({ headers, query, variables }) {
  const { headerEditor, queryEditor, variableEditor } = useEditorContext({ nonNull: true });
  const before = useRef({});
  useEffect(() => {
    if (!headers || !headerEditor) return;
    const text = headerEditor.getValue();
    const lent = lentHeaders(headers);
    const filled = headersWith(text, lent, before.current);
    if (filled !== text) headerEditor.setValue(filled);
    before.current = lent;
  }, [headers, headerEditor]);
  useEffect(() => fill(queryEditor, query), [queryEditor, query]);
  useEffect(() => fill(variableEditor, variables), [variableEditor, variables]);
  return null;
}

function fill(editor, text) {
  if (typeof text === 'string') editor?.setValue(text);
}
