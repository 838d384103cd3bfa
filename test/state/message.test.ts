import { messageOf } from '../../src/state/message';

describe('what an error says', () => {
  it('is its text', () => {
    expect(messageOf(new Error('no disk'))).toBe('no disk');
    expect(messageOf('no disk')).toBe('no disk');
    expect(messageOf(undefined)).toBe('undefined');
  });

  it('of several tries and addresses, each text once', () => {
    const refused = (address: string) => Object.assign(new Error(`connect ECONNREFUSED ${address}`), { code: 'X' });
    const attempt = () => new AggregateError([refused('::1'), refused('127.0.0.1')]);
    expect(messageOf(new AggregateError([attempt(), attempt(), new AggregateError([attempt()])]))).toBe(
      'connect ECONNREFUSED ::1; connect ECONNREFUSED 127.0.0.1',
    );
  });

  it('without a text, the code or the name', () => {
    expect(messageOf(Object.assign(new Error(''), { code: 'ECONNRESET' }))).toBe('ECONNRESET');
    expect(messageOf(new TypeError(''))).toBe('TypeError');
    expect(messageOf(new AggregateError([]))).toBe('AggregateError');
  });

  it('ends where an error holds itself', () => {
    const error = new AggregateError([]);
    (error.errors as unknown[]).push(error, new Error('in it'));
    expect(messageOf(error)).toBe('in it');
  });
});
