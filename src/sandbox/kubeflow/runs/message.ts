import type { Message } from '../api/message.ts';

/** The message Run as clients may fill it; what only the server knows is taken as it comes and dropped. */
export function runMessage(withPlugins: boolean): Message {
  const run: Message = {
    experiment_id: 'string',
    run_id: 'string',
    display_name: 'string',
    storage_state: 'string',
    description: 'string',
    pipeline_version_id: 'string',
    pipeline_spec: 'struct',
    pipeline_version_reference: { pipeline_id: 'string', pipeline_version_id: 'string' },
    runtime_config: { parameters: 'struct', pipeline_root: 'string' },
    service_account: 'string',
    created_at: 'time',
    scheduled_at: 'time',
    finished_at: 'time',
    state: 'string',
    error: 'struct',
    run_details: 'struct',
    recurring_run_id: 'string',
    state_history: [{ update_time: 'time', state: 'string', error: 'struct' }],
  };
  return withPlugins ? { ...run, plugins_input: 'struct', plugins_output: 'struct' } : run;
}
