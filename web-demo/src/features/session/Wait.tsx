// How long somebody must wait who has tried too often, counted down.
import { useEffect, useState } from "react";
import { Problem } from "../../components";

/** Readers are told once: an alert that changes is read out each second. */
export function Wait({ seconds }: { seconds: number }) {
  return seconds > 0 ? (
    <>
      <Problem message="Too many attempts. Please wait." />
      <p role="timer">You can try again in {sayDuration(seconds)}.</p>
    </>
  ) : null;
}

/** Seconds that go down to zero by themselves. */
export function useCountdown(): [seconds: number, start: (seconds: number) => void] {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (left === 0) return;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  return [left, setLeft];
}

function sayDuration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = `${seconds % 60} s`;
  return minutes > 0 ? `${minutes} min ${rest}` : rest;
}
