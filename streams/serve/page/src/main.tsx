import { render } from "preact";
import "uplot/dist/uPlot.min.css";
import "./style/page.css";
import { App } from "./app";
import { startKeys } from "./keys";
import { startRouter } from "./state/router";
import { startTheme } from "./state/theme";

startTheme();
startRouter();
startKeys();
const place = document.getElementById("app");
if (place !== null) render(<App />, place);
