// A panel at an edge of the window that takes nothing away: the page stays usable, and gets as much room to scroll as is covered.
import { type KeyboardEvent, type PointerEvent, type ReactNode, type RefObject, useEffect, useEffectEvent, useRef } from "react";

import { changeDock, type Dock, resizeDock, SIZE_MAX, SIZE_MIN, useDock } from "./dock";
import styles from "./Drawer.module.css";

const STEP = 5; // percent of the window for each press of an arrow key

interface Props {
  id: string;
  title: string;
  close: () => void;
  children: ReactNode;
}

export function Drawer({ id, title, close, children }: Props) {
  const dock = useDock();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const panel = useRef<HTMLElement>(null);
  useEscape(panel, close);
  useRoomForPage(dock);
  const size = dock.size[dock.edge];
  const other = dock.edge === "bottom" ? "right" : "bottom";
  return (
    <aside
      ref={panel}
      id={id}
      className={styles.drawer}
      data-edge={dock.edge}
      aria-label={title}
      style={dock.edge === "bottom" ? { height: `${size}dvh` } : { width: `${size}vw` }}
    >
      <Handle dock={dock} />
      <header className={styles.head}>
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" className={`${styles.tool} ${styles.dock}`} onClick={() => changeDock({ edge: other })}>
          Dock to the {other}
        </button>
        <button type="button" className={styles.tool} onClick={close}>
          Close
        </button>
      </header>
      <div className={styles.body}>{children}</div>
    </aside>
  );
}

/** Dragged, or moved with the arrow keys: up and left make the panel larger. */
function Handle({ dock: { edge, size } }: { dock: Dock }) {
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    resizeDock(edge === "bottom" ? (1 - event.clientY / window.innerHeight) * 100 : (1 - event.clientX / window.innerWidth) * 100);
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowUp: STEP, ArrowLeft: STEP, ArrowDown: -STEP, ArrowRight: -STEP }[event.key];
    const target = step === undefined ? { Home: SIZE_MIN, End: SIZE_MAX }[event.key] : size[edge] + step;
    if (target === undefined) return;
    event.preventDefault();
    resizeDock(target);
  };
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a separator that can be focused is a widget (WAI-ARIA 1.2, window splitter)
    <div
      role="separator"
      aria-label="Size of the panel"
      aria-orientation={edge === "bottom" ? "horizontal" : "vertical"}
      aria-valuenow={size[edge]}
      aria-valuemin={SIZE_MIN}
      aria-valuemax={SIZE_MAX}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as above
      tabIndex={0}
      className={styles.handle}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={press}
    />
  );
}

/** Closed by Escape from anywhere in it, unless something in it has used that for itself. */
function useEscape(panel: RefObject<HTMLElement | null>, close: () => void): void {
  const escape = useEffectEvent((event: globalThis.KeyboardEvent) => {
    if (event.key === "Escape" && !event.defaultPrevented) close();
  });
  useEffect(() => {
    const element = panel.current;
    const onKey = (event: globalThis.KeyboardEvent) => escape(event);
    element?.addEventListener("keydown", onKey);
    return () => element?.removeEventListener("keydown", onKey);
  }, [panel]);
}

/** What the panel covers is added to the page, so that its end can be scrolled into sight. */
function useRoomForPage({ edge, size }: Dock): void {
  useEffect(() => {
    const { style } = document.body;
    style.paddingBlockEnd = edge === "bottom" ? `${size.bottom}dvh` : "";
    style.paddingInlineEnd = edge === "right" && window.innerWidth > 900 ? `${size.right}vw` : "";
    return () => {
      style.paddingBlockEnd = "";
      style.paddingInlineEnd = "";
    };
  }, [edge, size]);
}
