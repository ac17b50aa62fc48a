// The panel under the hood: what this page asked the API and how that was fetched, and how a transfer went through the platform.
import { useState } from "react";

import { Tabs } from "../../components";
import { Drawer } from "./Drawer";
import type { Panel } from "./HoodButton";
import { Operations } from "./operation/Operations";
import { Story } from "./story/Story";

type Tab = "operations" | "transfer";

const TABS: readonly { key: Tab; label: string }[] = [
  { key: "operations", label: "Operations" },
  { key: "transfer", label: "A transfer’s way" },
];

export default function Hood({ id, close }: Panel) {
  const [tab, setTab] = useState<Tab>("operations");
  return (
    <Drawer id={id} title="Under the hood" close={close}>
      <Tabs label="What is shown" tabs={TABS} chosen={tab} onChoose={setTab}>
        {tab === "operations" ? <Operations /> : <Story />}
      </Tabs>
    </Drawer>
  );
}
