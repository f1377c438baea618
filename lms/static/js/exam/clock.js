// The time that remains, as the server counts it. The device's own clock and zone play no part:
// only how much time has passed on this page since the server last said how much was left.

const SECOND = 1000;

export class Clock {
  /** `remaining`: seconds left when the server answered; `since`: that moment on performance.now()'s scale. */
  constructor(remaining, since = performance.now()) {
    this.sync(remaining, since);
  }

  sync(remaining, since = performance.now()) {
    this.end = since + remaining * SECOND;
  }

  /** Whole seconds left, never negative. */
  left() {
    return Math.max(0, Math.ceil((this.end - performance.now()) / SECOND));
  }
}

/** When the server's answer that became this page arrived, on performance.now()'s scale. */
export function pageAnsweredAt() {
  const [navigation] = performance.getEntriesByType("navigation");
  return navigation ? navigation.responseStart : 0;
}

/** "42:10", or "1:02:10" from an hour on. */
export function asClock(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${two(minutes)}:${two(seconds % 60)}`;
}
