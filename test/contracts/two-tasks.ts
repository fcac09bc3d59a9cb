/** A small compiled pipeline of two tasks, one after the other, with one required parameter and an optional one. */
export function twoTasks(name: string): string {
  return `# PIPELINE DEFINITION
# Name: ${name}
components:
  comp-prepare:
    executorLabel: exec-prepare
  comp-train:
    executorLabel: exec-train
    inputDefinitions:
      parameters:
        learning_rate:
          parameterType: NUMBER_DOUBLE
deploymentSpec:
  executors:
    exec-prepare:
      container:
        image: registry.example.com/auto-mpg@sha256:${'0'.repeat(64)}
        command: [python, -m, prepare]
    exec-train:
      container:
        image: registry.example.com/auto-mpg@sha256:${'0'.repeat(64)}
        command: [python, -m, train]
        args: [--lr, "{{$.inputs.parameters['learning_rate']}}"]
pipelineInfo:
  name: ${name}
root:
  dag:
    tasks:
      prepare:
        cachingOptions:
          enableCache: true
        componentRef:
          name: comp-prepare
        taskInfo:
          name: prepare
      train:
        cachingOptions:
          enableCache: true
        componentRef:
          name: comp-train
        dependentTasks:
        - prepare
        inputs:
          parameters:
            learning_rate:
              componentInputParameter: learning_rate
        taskInfo:
          name: train
  inputDefinitions:
    parameters:
      learning_rate:
        parameterType: NUMBER_DOUBLE
      note:
        defaultValue: none
        isOptional: true
        parameterType: STRING
schemaVersion: 2.1.0
sdkVersion: kfp-2.15.2
`;
}
