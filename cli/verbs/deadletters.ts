import { Command } from 'commander';
import { listCommand } from '../deadletters/list';
import { resendCommand } from '../deadletters/resend';
import { showCommand } from '../deadletters/show';

export const deadLettersVerb = (): Command =>
  new Command('deadletters')
    .description('What could not be evaluated, why, and another try.')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(resendCommand())
    .addHelpText(
      'after',
      `
The storage is that of OUTRIDER_STORAGE (a connection string), or of OUTRIDER_STORAGE__tableServiceUri and
OUTRIDER_STORAGE__blobServiceUri with your own identity (az login); --settings reads them from a file.

Examples:
  outrider deadletters list --count
  outrider deadletters list --reason too-late --since 2d --settings local.settings.json
  outrider deadletters show 20260101.3f… --json`,
    );
