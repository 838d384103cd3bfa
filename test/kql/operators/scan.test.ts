import { queryTable } from '../../support/kql';

const rows = (text: string): unknown[][] => queryTable(text).rows;

describe('scan', () => {
  it('carries the state of a step from row to row', () => {
    expect(rows('range x from 1 to 4 step 1 | scan declare (c:long=0) with (step s: true => c = x + s.c;)')).toEqual([
      [1, 1],
      [2, 3],
      [3, 6],
      [4, 10],
    ]);
  });

  it('promotes a sequence from step to step and numbers it', () => {
    const events = `datatable(t:timespan, e:string)[0m,"A", 1m,"Start", 2m,"B", 4m,"Stop", 6m,"C", 8m,"Start", 9m,"Stop"]`;
    expect(
      rows(`${events} | scan with_match_id=m with (
        step s1: e == "Start"; step s2: e != "Start" and e != "Stop" and t - s1.t <= 5m; step s3: e == "Stop" and t - s1.t <= 5m;)`),
    ).toEqual([
      ['00:01:00', 'Start', 0],
      ['00:02:00', 'B', 0],
      ['00:04:00', 'Stop', 0],
      ['00:08:00', 'Start', 1],
    ]);
  });

  it('starts anew after a step without output', () => {
    expect(
      rows(`datatable(t:timespan)[0m, 5m, 40m, 41m] | scan with_match_id=id declare (start:timespan) with (
        step in_: true => start = iff(isnull(in_.start), t, in_.start); step end output=none: t - in_.start > 30m;)`),
    ).toEqual([
      ['00:00:00', '00:00:00', 0],
      ['00:05:00', '00:00:00', 0],
      ['00:40:00', '00:40:00', 1],
      ['00:41:00', '00:40:00', 1],
    ]);
  });

  it('gives only the last row of a series on demand', () => {
    expect(
      rows(
        `datatable(x:long, e:string)[1,"a", 2,"a", 3,"b", 4,"a"] | scan with (step s1 output=last: e == "a"; step s2: e == "b";)`,
      ),
    ).toEqual([
      [2, 'a'],
      [3, 'b'],
      [4, 'a'],
    ]);
  });

  it('goes over each partition by itself, in the order it is told', () => {
    const table = 'datatable(k:string, j:long)["a",1, "a",2, "b",1, "a",3]';
    const counted = 'declare(n:long=0) with (step s: true => n = s.n + j;)';
    expect(rows(`${table} | scan partition by k ${counted}`)).toEqual([
      ['a', 1, 1],
      ['a', 2, 3],
      ['a', 3, 6],
      ['b', 1, 1],
    ]);
    expect(rows(`${table} | scan order by j desc partition by k ${counted} | where k == "a"`)).toEqual([
      ['a', 3, 3],
      ['a', 2, 5],
      ['a', 1, 6],
    ]);
    expect(rows(`${table} | scan partition by k, j ${counted} | where n != j`)).toEqual([]);
  });

  it('refuses to assign a column it does not declare', () => {
    expect(() => rows('range x from 1 to 2 step 1 | scan with (step s: true => x = 5;)')).toThrow();
  });
});
