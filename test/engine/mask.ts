import { isRpcSecret, specialArchiveSig, specialAssetSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc";
import { isObject, mapValues, UNKNOWN, type Values } from "./providers/wire";

/** Replaces secrets, unknowns and files by the offline preview's placeholders. */
export function mask(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll(UNKNOWN, "[unknown]");
  if (isRpcSecret(value)) return "[secret]";
  if (isFile(value)) return fileOf(value);
  if (Array.isArray(value)) return value.map(mask);
  return isObject(value) ? mapValues(value, mask) : value;
}

/** Whether a value is a file or an archive of files, in the form of the engine or of the offline preview. */
const isFile = (value: unknown): value is Values =>
  isObject(value) &&
  ([specialAssetSig, specialArchiveSig].includes(String(value[specialSigKey])) ||
    value["__pulumiAsset"] === true ||
    value["__pulumiArchive"] === true);

/** The path of a file. Its content is omitted: the offline preview doesn't read it. */
function fileOf(value: Values): Values {
  const own = [specialSigKey, "__pulumiAsset", "__pulumiArchive", "hash"];
  const from = Object.entries(value).filter(([key, part]) => !own.includes(key) && part !== "");
  return mapValues(Object.fromEntries(from), mask);
}
