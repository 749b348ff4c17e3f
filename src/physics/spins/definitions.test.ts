import { describeDefinitions } from "../../lattice/definition.contract.ts";
import { spinActions } from "./actions/index.ts";
import { spinObservables } from "./observables/index.ts";

describeDefinitions("actions of spins", spinActions);
describeDefinitions("observables of spins", spinObservables);
