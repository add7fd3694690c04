import { PackProcess } from "../../preview/analyzer/process";
import { itJudges } from "./pack-tests";

describe("a policy pack in a process of its own", () => itJudges((folder) => new PackProcess(folder)));
