import type { MetricHandlers } from './handlers.js';
import type { Instruments } from './instruments.js';

/** What protocols ask the registers, where traces are kept. */
export function traceMetrics(instruments: Instruments): Pick<MetricHandlers, 'registersAsked'> {
  const questions = instruments.counter(
    'preg_adapter_register_questions_total',
    'Questions of protocols to the registers, whoever answers them; told where traces are kept.',
    ['question', 'outcome'],
  );
  return {
    registersAsked: ({ question, outcome }) => {
      questions.inc({ question, outcome });
    },
  };
}
