import { environment } from "./components/environment";
import { loadSettings, stackFiles } from "./config";
import { catalog } from "./systems";

/** One stack is one environment: its settings, the systems that they name, and their resources in the cloud. */
export = () => environment(loadSettings(catalog, new Date(), stackFiles()), catalog);
