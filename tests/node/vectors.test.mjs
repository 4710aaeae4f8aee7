import * as plaudit from "plaudit";
import { runVectors } from "./vectors.mjs";

runVectors("plaudit", plaudit);
