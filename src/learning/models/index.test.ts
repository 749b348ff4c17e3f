import { describeDefinitions } from "../../lattice/definition.contract.ts";
import { models } from "./index.ts";

describeDefinitions("models", models);
