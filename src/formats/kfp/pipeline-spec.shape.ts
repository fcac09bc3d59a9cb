// Made by deploy/scripts/generate-kfp-shapes.ts: do not edit.

/** The .proto files this was made of, with their sha256. */
export const protoDigests = {
  'pipeline_spec.proto': 'cea57c198a9fb94356512a8e98dded5962ca0223f91fdd9fbb21a3335b418b73',
  'kubernetes_executor_config.proto': 'ed7676f551b5c75b936155c1e3a2c2e6768de33bfc56d87fa799fc7d6d4f6e92',
};

/** Enumerations: the values in the order of their numbers, from 0. */
export const enums: Readonly<Record<string, readonly string[]>> = {
  'TaskConfigPassthroughType.TaskConfigPassthroughTypeEnum': [
    'NONE',
    'RESOURCES',
    'ENV',
    'KUBERNETES_AFFINITY',
    'KUBERNETES_TOLERATIONS',
    'KUBERNETES_NODE_SELECTOR',
    'KUBERNETES_VOLUMES',
  ],
  'PrimitiveType.PrimitiveTypeEnum': ['PRIMITIVE_TYPE_UNSPECIFIED', 'INT', 'DOUBLE', 'STRING'],
  'ParameterType.ParameterTypeEnum': [
    'PARAMETER_TYPE_ENUM_UNSPECIFIED',
    'NUMBER_DOUBLE',
    'NUMBER_INTEGER',
    'STRING',
    'BOOLEAN',
    'LIST',
    'STRUCT',
    'TASK_FINAL_STATUS',
    'TASK_CONFIG',
  ],
  'PipelineTaskSpec.TriggerPolicy.TriggerStrategy': [
    'TRIGGER_STRATEGY_UNSPECIFIED',
    'ALL_UPSTREAM_TASKS_SUCCEEDED',
    'ALL_UPSTREAM_TASKS_COMPLETED',
  ],
};

/** Messages: fields as `jsonName[!][@oneof] type`; `!` has no snake_case spelling; `type[]` is a list, `type{}` a map of text. */
export const messages: Readonly<Record<string, string>> = {
  PipelineSpec:
    'pipelineInfo PipelineInfo, deploymentSpec Struct, sdkVersion string, schemaVersion string, components ComponentSpec{}, root ComponentSpec, defaultPipelineRoot string',
  PlatformSpec: 'platforms SinglePlatformSpec{}',
  PipelineDeploymentConfig: 'executors PipelineDeploymentConfig.ExecutorSpec{}',
  KubernetesExecutorConfig:
    'secretAsVolume SecretAsVolume[], secretAsEnv SecretAsEnv[], pvcMount PvcMount[], nodeSelector NodeSelector, podMetadata PodMetadata, imagePullSecret ImagePullSecret[], imagePullPolicy string, configMapAsVolume ConfigMapAsVolume[], configMapAsEnv ConfigMapAsEnv[], activeDeadlineSeconds int64, fieldPathAsEnv FieldPathAsEnv[], tolerations Toleration[], genericEphemeralVolume GenericEphemeralVolume[], nodeAffinity NodeAffinityTerm[], podAffinity PodAffinityTerm[], enabledSharedMemory EnabledSharedMemory, emptyDirMounts EmptyDirMount[], securityContext SecurityContext, initContainers InitContainer[]',
  PipelineInfo: 'name string, displayName string, description string',
  ComponentSpec:
    'inputDefinitions ComponentInputsSpec, outputDefinitions ComponentOutputsSpec, dag@implementation DagSpec, executorLabel@implementation string, singlePlatformSpecs SinglePlatformSpec[], taskConfigPassthroughs TaskConfigPassthrough[]',
  SinglePlatformSpec:
    'deploymentSpec PlatformDeploymentConfig, platform string, config Struct, pipelineConfig! PipelineConfig',
  'PipelineDeploymentConfig.ExecutorSpec':
    'container@spec PipelineDeploymentConfig.PipelineContainerSpec, importer@spec PipelineDeploymentConfig.ImporterSpec, resolver@spec PipelineDeploymentConfig.ResolverSpec, customJob@spec PipelineDeploymentConfig.AIPlatformCustomJobSpec',
  SecretAsVolume:
    'secretName string, mountPath string, optional bool, secretNameParameter TaskInputsSpec.InputParameterSpec',
  SecretAsEnv:
    'secretName string, keyToEnv SecretAsEnv.SecretKeyToEnvMap[], optional bool, secretNameParameter TaskInputsSpec.InputParameterSpec',
  PvcMount:
    'taskOutputParameter@pvc_reference TaskInputsSpec.InputParameterSpec.TaskOutputParameterSpec, constant@pvc_reference string, componentInputParameter@pvc_reference string, mountPath string, pvcNameParameter TaskInputsSpec.InputParameterSpec, subPath string',
  NodeSelector: 'labels string{}, nodeSelectorJson TaskInputsSpec.InputParameterSpec',
  PodMetadata: 'labels string{}, annotations string{}',
  ImagePullSecret: 'secretName string, secretNameParameter TaskInputsSpec.InputParameterSpec',
  ConfigMapAsVolume:
    'configMapName string, mountPath string, optional bool, configMapNameParameter TaskInputsSpec.InputParameterSpec',
  ConfigMapAsEnv:
    'configMapName string, keyToEnv ConfigMapAsEnv.ConfigMapKeyToEnvMap[], configMapNameParameter TaskInputsSpec.InputParameterSpec, optional bool',
  FieldPathAsEnv: 'name string, fieldPath string',
  Toleration:
    'key string, operator string, value string, effect string, tolerationSeconds int64, tolerationJson TaskInputsSpec.InputParameterSpec',
  GenericEphemeralVolume:
    'volumeName string, mountPath string, accessModes string[], size string, defaultStorageClass bool, storageClassName string, metadata PodMetadata',
  NodeAffinityTerm:
    'matchExpressions SelectorRequirement[], matchFields SelectorRequirement[], weight int32, nodeAffinityJson TaskInputsSpec.InputParameterSpec',
  PodAffinityTerm:
    'matchPodExpressions SelectorRequirement[], matchPodLabels string{}, topologyKey string, namespaces string[], matchNamespaceExpressions SelectorRequirement[], matchNamespaceLabels string{}, weight int32, anti bool',
  EnabledSharedMemory: 'volumeName string, size string',
  EmptyDirMount: 'volumeName string, mountPath string, medium string, sizeLimit string',
  SecurityContext: 'runAsUser int64, runAsGroup int64, runAsNonRoot bool',
  InitContainer:
    'name string, image string, command string[], args string[], env InitContainer.EnvVar[], volumeMounts InitContainer.VolumeMount[], restartPolicy string, resources InitContainer.ResourceRequirements',
  ComponentInputsSpec:
    'artifacts ComponentInputsSpec.ArtifactSpec{}, parameters ComponentInputsSpec.ParameterSpec{}',
  ComponentOutputsSpec:
    'artifacts ComponentOutputsSpec.ArtifactSpec{}, parameters ComponentOutputsSpec.ParameterSpec{}',
  DagSpec: 'tasks PipelineTaskSpec{}, outputs DagOutputsSpec',
  TaskConfigPassthrough: 'field TaskConfigPassthroughType.TaskConfigPassthroughTypeEnum, applyToTask bool',
  PlatformDeploymentConfig: 'executors Struct{}',
  PipelineConfig:
    'resourceTtlOnCompletion int32, workspace WorkspaceConfig, resourceTtlOnSuccess int32, resourceTtlOnFailure int32, activeDeadlineSeconds int32',
  'PipelineDeploymentConfig.PipelineContainerSpec':
    'image string, command string[], args string[], lifecycle PipelineDeploymentConfig.PipelineContainerSpec.Lifecycle, resources PipelineDeploymentConfig.PipelineContainerSpec.ResourceSpec, env PipelineDeploymentConfig.PipelineContainerSpec.EnvVar[]',
  'PipelineDeploymentConfig.ImporterSpec':
    'artifactUri ValueOrRuntimeParameter, typeSchema ArtifactTypeSchema, properties ValueOrRuntimeParameter{}, customProperties ValueOrRuntimeParameter{}, reimport bool, metadata Struct, downloadToWorkspace bool',
  'PipelineDeploymentConfig.ResolverSpec':
    'outputArtifactQueries PipelineDeploymentConfig.ResolverSpec.ArtifactQuerySpec{}',
  'PipelineDeploymentConfig.AIPlatformCustomJobSpec': 'customJob Struct',
  'TaskInputsSpec.InputParameterSpec':
    'taskOutputParameter@kind TaskInputsSpec.InputParameterSpec.TaskOutputParameterSpec, runtimeValue@kind ValueOrRuntimeParameter, componentInputParameter@kind string, taskFinalStatus@kind TaskInputsSpec.InputParameterSpec.TaskFinalStatus, parameterExpressionSelector string',
  'SecretAsEnv.SecretKeyToEnvMap': 'secretKey string, envVar string',
  'TaskInputsSpec.InputParameterSpec.TaskOutputParameterSpec':
    'producerTask string, outputParameterKey string',
  'ConfigMapAsEnv.ConfigMapKeyToEnvMap': 'configMapKey string, envVar string',
  SelectorRequirement: 'key string, operator string, values string[]',
  'InitContainer.EnvVar': 'name string, value string',
  'InitContainer.VolumeMount': 'volumeName string, mountPath string',
  'InitContainer.ResourceRequirements': 'requests string{}, limits string{}',
  'ComponentInputsSpec.ArtifactSpec':
    'artifactType ArtifactTypeSchema, isArtifactList bool, isOptional bool, description string',
  'ComponentInputsSpec.ParameterSpec':
    'type PrimitiveType.PrimitiveTypeEnum, parameterType ParameterType.ParameterTypeEnum, defaultValue json, isOptional bool, description string, literals json[]',
  'ComponentOutputsSpec.ArtifactSpec':
    'artifactType ArtifactTypeSchema, properties ValueOrRuntimeParameter{}, customProperties ValueOrRuntimeParameter{}, metadata Struct, isArtifactList bool, description string',
  'ComponentOutputsSpec.ParameterSpec':
    'type PrimitiveType.PrimitiveTypeEnum, parameterType ParameterType.ParameterTypeEnum, description string',
  PipelineTaskSpec:
    'taskInfo PipelineTaskInfo, inputs TaskInputsSpec, dependentTasks string[], cachingOptions PipelineTaskSpec.CachingOptions, componentRef ComponentRef, triggerPolicy PipelineTaskSpec.TriggerPolicy, artifactIterator@iterator ArtifactIteratorSpec, parameterIterator@iterator ParameterIteratorSpec, retryPolicy PipelineTaskSpec.RetryPolicy, iteratorPolicy PipelineTaskSpec.IteratorPolicy',
  DagOutputsSpec:
    'artifacts DagOutputsSpec.DagOutputArtifactSpec{}, parameters DagOutputsSpec.DagOutputParameterSpec{}',
  WorkspaceConfig: 'size string, kubernetes KubernetesWorkspaceConfig',
  'PipelineDeploymentConfig.PipelineContainerSpec.Lifecycle':
    'preCacheCheck PipelineDeploymentConfig.PipelineContainerSpec.Lifecycle.Exec',
  'PipelineDeploymentConfig.PipelineContainerSpec.ResourceSpec':
    'cpuLimit double, memoryLimit double, cpuRequest double, memoryRequest double, resourceCpuLimit string, resourceMemoryLimit string, resourceCpuRequest string, resourceMemoryRequest string, accelerator PipelineDeploymentConfig.PipelineContainerSpec.ResourceSpec.AcceleratorConfig',
  'PipelineDeploymentConfig.PipelineContainerSpec.EnvVar': 'name string, value string',
  ValueOrRuntimeParameter: 'constantValue@value Value, runtimeParameter@value string, constant@value json',
  ArtifactTypeSchema:
    'schemaTitle@kind string, schemaUri@kind string, instanceSchema@kind string, schemaVersion string',
  'PipelineDeploymentConfig.ResolverSpec.ArtifactQuerySpec': 'filter string, limit int32',
  'TaskInputsSpec.InputParameterSpec.TaskFinalStatus': 'producerTask string',
  PipelineTaskInfo: 'name string',
  TaskInputsSpec:
    'parameters TaskInputsSpec.InputParameterSpec{}, artifacts TaskInputsSpec.InputArtifactSpec{}',
  'PipelineTaskSpec.CachingOptions': 'enableCache bool, cacheKey string',
  ComponentRef: 'name string',
  'PipelineTaskSpec.TriggerPolicy':
    'condition string, strategy PipelineTaskSpec.TriggerPolicy.TriggerStrategy',
  ArtifactIteratorSpec: 'items ArtifactIteratorSpec.ItemsSpec, itemInput string',
  ParameterIteratorSpec: 'items ParameterIteratorSpec.ItemsSpec, itemInput string',
  'PipelineTaskSpec.RetryPolicy':
    'maxRetryCount int32, backoffDuration Duration, backoffFactor double, backoffMaxDuration Duration',
  'PipelineTaskSpec.IteratorPolicy': 'parallelismLimit int32',
  'DagOutputsSpec.DagOutputArtifactSpec': 'artifactSelectors DagOutputsSpec.ArtifactSelectorSpec[]',
  'DagOutputsSpec.DagOutputParameterSpec':
    'valueFromParameter@kind DagOutputsSpec.ParameterSelectorSpec, valueFromOneof@kind DagOutputsSpec.ParameterSelectorsSpec',
  KubernetesWorkspaceConfig: 'pvcSpecPatch Struct',
  'PipelineDeploymentConfig.PipelineContainerSpec.Lifecycle.Exec': 'command string[], args string[]',
  'PipelineDeploymentConfig.PipelineContainerSpec.ResourceSpec.AcceleratorConfig':
    'type string, count int64, resourceType string, resourceCount string',
  Value: 'intValue@value int64, doubleValue@value double, stringValue@value string',
  'TaskInputsSpec.InputArtifactSpec':
    'taskOutputArtifact@kind TaskInputsSpec.InputArtifactSpec.TaskOutputArtifactSpec, componentInputArtifact@kind string',
  'ArtifactIteratorSpec.ItemsSpec': 'inputArtifact string',
  'ParameterIteratorSpec.ItemsSpec': 'raw@kind string, inputParameter@kind string',
  'DagOutputsSpec.ArtifactSelectorSpec': 'producerSubtask string, outputArtifactKey string',
  'DagOutputsSpec.ParameterSelectorSpec': 'producerSubtask string, outputParameterKey string',
  'DagOutputsSpec.ParameterSelectorsSpec': 'parameterSelectors DagOutputsSpec.ParameterSelectorSpec[]',
  'TaskInputsSpec.InputArtifactSpec.TaskOutputArtifactSpec': 'producerTask string, outputArtifactKey string',
};
