/** What happens when a key is made, in order. */
export const ORDER: ((platform: string) => string)[] = [
  () => "The intent is written down here, so that nothing is lost if this machine stops.",
  (platform) => `${platform} is asked once to make the key. It is never asked twice by itself.`,
  () => "Its secret is encrypted and on disk before anything is shown.",
  () => "Then you may copy it. The clipboard is cleared after a while.",
];
