import type { Problem, Source } from '../source.ts';
import type { YamlNode } from '../yaml/node.ts';
import type { DocumentKind } from './classify.ts';

/** The pipeline files of a tree. */
export interface PipelineModel {
  readonly files: readonly PipelineFile[];
}

/** One file with everything that was found in it. */
export interface PipelineFile {
  readonly source: Source;
  /** The policy names it as a pipeline: then it must be one. */
  readonly named: boolean;
  /** Why it cannot be read; then it has no documents. */
  readonly problems: readonly Problem[];
  readonly documents: readonly PipelineDocument[];
}

/** One YAML document. */
export interface PipelineDocument {
  readonly kind: DocumentKind;
  /** Where messages about the whole document point to. */
  readonly head: YamlNode | undefined;
  /** Documents of KFP v2 alone. */
  readonly spec: PipelineSpec | undefined;
  /** What is wrong with the form of the document. */
  readonly problems: readonly Problem[];
}

/** A pipeline: the scopes of its tasks and the components they run. */
export interface PipelineSpec {
  readonly source: Source;
  readonly name: string | undefined;
  /** Labels of `deploymentSpec.executors`. */
  readonly executors: ReadonlySet<string>;
  readonly components: ReadonlyMap<string, Component>;
  /** The root's scope first, then those of components, in the order of the text. */
  readonly scopes: readonly Scope[];
}

/** A component, or the root: what goes in, what comes out, and what it runs. */
export interface Component {
  readonly spec: PipelineSpec;
  /** `root` for the root. */
  readonly name: string;
  readonly pointer: string;
  readonly node: YamlNode;
  readonly inputs: Interface;
  readonly outputs: Interface;
  readonly executorLabel: YamlNode | undefined;
}

/** Names that a component declares. */
export interface Interface {
  readonly parameters: ReadonlyMap<string, YamlNode>;
  readonly artifacts: ReadonlyMap<string, YamlNode>;
}

/** A DAG: tasks that may refer to each other. */
export interface Scope {
  readonly component: Component;
  readonly dag: YamlNode;
  /** Structural path of the DAG. */
  readonly pointer: string;
  readonly tasks: ReadonlyMap<string, Task>;
}

/** A task of a DAG. */
export interface Task {
  readonly name: string;
  readonly key: YamlNode;
  readonly node: YamlNode;
  readonly pointer: string;
  /** The value of `componentRef.name`. */
  readonly componentRef: YamlNode | undefined;
  /** undefined when the reference leads nowhere. */
  readonly component: Component | undefined;
  /** Tasks that it waits for, as they are named: producers of its inputs and `dependentTasks`. */
  readonly waitsFor: readonly TaskReference[];
}

/** A place where a task names another one. */
export interface TaskReference {
  readonly name: string;
  readonly node: YamlNode;
  readonly pointer: string;
  readonly field: 'producerTask' | 'dependentTasks';
}
