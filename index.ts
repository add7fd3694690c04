import { environment } from "./components/environment";
import { loadSettings, stackFiles } from "./config";
import { catalog } from "./systems";

/** One stack, one environment: its settings, the systems they name, and what stands for them in the cloud. */
export = () => environment(loadSettings(catalog, new Date(), stackFiles()), catalog);
