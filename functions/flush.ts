import { app } from '@azure/functions';
import { openFlush } from '../src/host/app';
import { logTo } from '../src/host/logging';
import { startSettings } from '../src/host/start-settings';

const settings = startSettings(__dirname);

app.timer('flush', {
  schedule: '%FLUSH_SCHEDULE%',
  runOnStartup: false,
  handler: async (_timer, context) => {
    const engine = await openFlush(settings());
    const result = await engine.flush(Date.now());
    logTo(context)({
      level: result.failed > 0 || result.undelivered > 0 ? 'warn' : 'info',
      message: 'flushed',
      ...result,
    });
  },
});
