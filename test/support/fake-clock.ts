/** In the tests of this file the clock stands still, and what waits does not. */
export function fakeClock(): void {
  beforeEach(() =>
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'setTimeout', 'setInterval'] }),
  );
  afterEach(() => jest.useRealTimers());
}
