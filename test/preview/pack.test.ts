import { PackModule } from "../../preview/analyzer/module";
import { itJudges } from "./pack-tests";

describe("a policy pack in this process", () => itJudges((folder) => new PackModule(folder)));
