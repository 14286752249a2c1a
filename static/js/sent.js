// For a page of a talk that does not follow along.
import { forgetSent } from "./live/forget.js";

forgetSent();
