import { app } from '@azure/functions';
import { openFlush, startConfig } from '../src/host/app';
import { logTo } from '../src/host/logging';

const config = startConfig(__dirname);

app.timer('flush', {
  schedule: '%FLUSH_SCHEDULE%',
  runOnStartup: false,
  handler: async (_timer, context) => {
    const engine = await openFlush(config);
    const result = await engine.flush(Date.now());
    logTo(context)({
      level: result.failed > 0 || result.undelivered > 0 ? 'warn' : 'info',
      message: 'flushed',
      ...result,
    });
  },
});
