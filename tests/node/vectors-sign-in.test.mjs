import * as signIn from "plaudit/sign-in";
import { runVectors } from "./vectors.mjs";

runVectors("plaudit/sign-in", signIn);
