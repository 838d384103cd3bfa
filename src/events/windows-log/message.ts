/**
 * A rendered message with the line ends that Windows gives it, and Log Analytics keeps: several shippers make one LF of CR LF.
 * `undefined` where there is no message.
 */
export const renderedMessage = (text: string | undefined): string | undefined =>
  text === undefined || text.includes('\r') ? text : text.replaceAll('\n', '\r\n');
