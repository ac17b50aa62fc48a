// Our own icons: 24 × 24, drawn with the text's colour. They decorate; what they mean is said in words beside them.
const PATHS = {
  home: "M4 11.2 12 4l8 7.2V19a1.5 1.5 0 0 1-1.5 1.5H15v-6H9v6H5.5A1.5 1.5 0 0 1 4 19Z",
  send: "M20.5 3.5 10 14M20.5 3.5 14 20.5l-4-6.5-6.5-4Z",
  request: "M12 4v11m0 0-4-4m4 4 4-4M4.5 19.5h15",
  reward: "M5 11.5h14v8H5Zm-1.5-4h17v4h-17ZM12 7.5v12M12 7.5c-4.5 0-5-4-2.7-4S12 7.5 12 7.5s.4-4 2.7-4 1.8 4-2.7 4Z",
  bell: "M6 10a6 6 0 1 1 12 0c0 5 2 6.5 2 6.500H4S6 15 6 10Zm4 9.500a2.2 2.2 0 0 0 4 0",
  account: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 8.500c.6-4 3.7-5.5 7.5-5.500s6.9 1.5 7.5 5.5",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  up: "M12 19V5m0 0-6 6m6-6 6 6",
  down: "M12 5v14m0 0-6-6m6 6 6-6",
  in: "M18 6 6 18m0 0v-9m0 9h9",
  out: "M6 18 18 6m0 0H9m9 0v9",
  back: "M19 12H5m0 0 6-6m-6 6 6 6",
  forward: "M9 5l7 7-7 7",
  check: "M5 12.5 10 17.5 19.5 7",
  cross: "M6 6l12 12M18 6 6 18",
  clock: "M12 7v5l3.5 2M12 20.500a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17Z",
  warning: "M12 9v4.500m0 3v.1M10.3 4.7 3 17.5A2 2 0 0 0 4.7 20.500h14.600a2 2 0 0 0 1.7-3L13.7 4.700a2 2 0 0 0-3.4 0Z",
  info: "M12 11v5.500m0-9v-.1M12 20.500a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17Z",
  offline: "M4 4l16 16M8.5 12.700a5 5 0 0 1 2-1M5 9.200a10 10 0 0 1 3-1.900m4-.8a10 10 0 0 1 7 2.700m-3 3.600a5 5 0 0 0-.8-.6M12 17.5v.1",
  refund: "M4 10h11a5 5 0 0 1 0 10h-4M4 10l4.5-4.500M4 10l4.5 4.5",
  wallet: "M4 7.5v10A2.5 2.5 0 0 0 6.5 20h12a1.5 1.5 0 0 0 1.5-1.500V10a1.5 1.5 0 0 0-1.5-1.500H5.500a1.5 1.5 0 0 1 0-4h11.500m-1 9.700v.1",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm4.7-1.800L20 20",
  filter: "M4 6.500h16M7 12h10M10 17.5h4",
  calendar: "M5 6h14a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1Zm-1 4.500h16M8 3.500V6m8-2.500V6",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm0-13v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.400m0-12.800L17 7M7 17l-1.4 1.4",
  moon: "M20 14.500A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.500Z",
  device: "M4 5.500h16v10.500H4Zm5 14h6m-3-3.500v3.5",
  exit: "M10 4.500H5.500v15H10M15 8l4 4-4 4m4-4H9.5",
  gear: "M4 7h9m4 0h3M4 17h3m4 0h9M15 9.500a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm-6 10a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  copy: "M9 9h10.500v10.500H9ZM5 15H4.500V4.500H15V5",
  snow: "M12 3v18M4.2 7.5l15.6 9m0-9-15.6 9",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
